"""A job as steps: which, in what order, and what decides each.

    fetch ──► decode ──► encode ─────────► align ──► diarize ──► name ──► topics ──► outputs
                    └──► (site) ► recognise ┘   (decode ──┘)

Everything is known before anything is done: a step's address is a hash of its settings, of
the files it reads, of the versions of the packages that decide its result, and of the
addresses of the steps before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

from subtools.aligners import (
    AUTO,
    PHONES,
    RECOGNITION,
    AlignerOptions,
    choose_aligner,
    load_engine,
)
from subtools.batch.hashing import Hashes
from subtools.batch.values import Job, Kind, Plain, Plan, Step
from subtools.checks import check_language
from subtools.diarizers import VOICES
from subtools.download import Kind as AddressKind
from subtools.download import parse_address
from subtools.errors import AlignmentError, DocumentError, MediaError
from subtools.models import BUNDLED, find_model, model_identity
from subtools.page import relative_link
from subtools.pipeline import DECIDING_PACKAGES, printable_name
from subtools.presenting import PAGE_SUFFIX, make_look
from subtools.reading import load_document
from subtools.talks import TextChoice, find_address, is_address

_PACKAGES: Mapping[Kind, tuple[str, ...]] = {
    Kind.FETCH: (),  # bytes are bytes
    Kind.DECODE: ("imageio-ffmpeg", "av"),
    Kind.ENCODE: ("faster-whisper", "ctranslate2", "numpy"),
    Kind.SITE: DECIDING_PACKAGES[1:],
    Kind.RECOGNISE: ("faster-whisper", "ctranslate2", "onnxruntime", "tokenizers", "numpy"),
    Kind.ALIGN: ("numpy", "pypinyin", "opencc", "cn2an", "num2words", "rapidfuzz"),
    Kind.DIARIZE: ("onnxruntime", "kaldi-native-fbank", "numpy"),
    Kind.NAME: ("numpy", "pypinyin", "opencc", "rapidfuzz"),
    Kind.TOPICS: ("numpy", "rjieba", "opencc"),
    Kind.OUTPUTS: (*DECIDING_PACKAGES[1:], "budoux", "rjieba", "pysrt", "pysubs2", "webvtt-py"),
}
_TRANSCRIBING_BEAM, _BEAM = 5, 1  # as in `aligners`: with a document one is as exact


@dataclass(slots=True)
class Planner:
    """Makes plans for the jobs of one library.

    Attributes:
        library: Where the results of jobs go: pages lead from there to their sound.
        hashes: The hashes of files, each made once.
        models: Identities of models by name, each found once.
    """

    library: Path
    hashes: Hashes
    models: dict[str, str] = field(default_factory=dict)

    def plan(self, job: Job) -> Plan:
        """Return the steps of ``job``.

        Raises:
            SubtoolsError: If a file of it is missing or cannot be read, or what it asks for
                cannot be done.
        """
        check_language(job.language)
        before = self._plan_sound(job)
        words = self._plan_words(job, before)
        if job.speakers != 0:
            words = self._plan_speakers(job, words)
        topics = _step(
            Kind.TOPICS,
            {"topics": job.topics, "offset": job.offset},
            {"words": words[-1]},
        )
        outputs = self._plan_outputs(job, words, topics)
        return Plan(job, (*words, topics, outputs))

    def _plan_sound(self, job: Job) -> tuple[Step, ...]:
        """Return how the samples are come by: fetched if need be, and decoded."""
        settings: dict[str, Plain] = {"track": job.track}
        source = find_source(job)
        if not is_address(source):
            path = Path(source)
            settings["sound"] = self._hash_sound(path)
            return (_step(Kind.DECODE, settings, files={"sound": path}),)
        wants_texts = job.document is None and job.text is not TextChoice.RECOGNISED
        fetch = _step(Kind.FETCH, {"address": source, "subtitles": wants_texts})
        return (fetch, _step(Kind.DECODE, settings, {"fetch": fetch}))

    def _plan_words(self, job: Job, before: tuple[Step, ...]) -> tuple[Step, ...]:
        fetch, decode = _first(Kind.FETCH, before), before[-1]
        settings: dict[str, Plain] = {"language": job.language, "partial": job.partial}
        origin = {} if fetch is None else {"fetch": fetch}
        address = {} if fetch is None else {"address": fetch.settings["address"]}
        if job.document is None and job.aligner not in {AUTO, RECOGNITION}:
            hint = "give one, or leave out the aligner"
            raise AlignmentError("there is no document that could be aligned", hint=hint)
        if job.document is not None:
            settings["document"] = self._hash_document(job.document)
            name = self._choose(job)
            heard = self._plan_hearing(job, name, decode)
            settings["aligner"] = name
            if name not in {PHONES, RECOGNITION}:
                settings |= {"model_name": job.model, "beam": job.beam, "threads": job.threads}
                settings |= self._foreign_versions(job, name)
            align = _step(
                Kind.ALIGN,
                settings | address,
                {"sound": heard[-1] if heard else decode, **origin},
                {"document": job.document},
            )
            return (*before, *heard, align)
        site: tuple[Step, ...] = ()
        if fetch is not None and job.text is not TextChoice.RECOGNISED:
            site = self._plan_site(job, fetch, decode)
        extra = {"site": site[-1]} if site else {}
        recognise = self._plan_recognition(job, decode, _TRANSCRIBING_BEAM, extra)
        align = _step(Kind.ALIGN, settings | address, {"sound": recognise, **origin, **extra})
        return (*before, *site, recognise, align)

    def _plan_hearing(self, job: Job, aligner: str, decode: Step) -> tuple[Step, ...]:
        """Return what is to be heard before a document can be aligned."""
        if aligner == PHONES:
            return (self._plan_encoding(job, {"decode": decode}),)
        if aligner == RECOGNITION:
            return (self._plan_recognition(job, decode, _BEAM, {}),)
        return ()

    def _plan_encoding(self, job: Job, inputs: Mapping[str, Step]) -> Step:
        settings = {"model": BUNDLED, "identity": self._identify(BUNDLED), **_machine(job)}
        return _step(Kind.ENCODE, settings, inputs)

    def _plan_recognition(
        self, job: Job, decode: Step, beam: int, inputs: Mapping[str, Step]
    ) -> Step:
        settings = {
            "model_name": job.model,
            "identity": self._identify(job.model),
            "beam": job.beam or beam,
            "language": job.language,
            **_machine(job),
        }
        return _step(Kind.RECOGNISE, settings, {"decode": decode, **inputs})

    def _plan_site(self, job: Job, fetch: Step, decode: Step) -> tuple[Step, Step]:
        encode = self._plan_encoding(job, {"decode": decode, "fetch": fetch})
        settings = {
            "address": fetch.settings["address"],
            "text": job.text and job.text.value,
            "language": job.language,
            "partial": job.partial,
            "aligner": job.aligner,
            "model_name": job.model,
            "identity": self._identify(job.model),
            "beam": job.beam or _BEAM,
            **_machine(job),
        }
        inputs = {"fetch": fetch, "decode": decode, "encode": encode}
        return encode, _step(Kind.SITE, settings, inputs)

    def _plan_speakers(self, job: Job, words: tuple[Step, ...]) -> tuple[Step, ...]:
        align, decode = words[-1], _find(Kind.DECODE, words)
        found: dict[str, Plain] = {"diarizer": VOICES, "speakers": job.speakers}
        diarize = _step(
            Kind.DIARIZE,
            {**found, "threads": job.threads},
            {"align": align, "decode": decode},
        )
        name = _step(
            Kind.NAME,
            {**found, "names": self._hash_document(job.names)},
            {"align": align, "diarize": diarize},
            {"names": job.names},
        )
        return (*words, diarize, name)

    def _plan_outputs(self, job: Job, words: tuple[Step, ...], topics: Step) -> Step:
        sound, fetch = _find(Kind.DECODE, words), _first(Kind.FETCH, words)
        own = sound.files.get("sound")
        folder = self.library / job.name
        link = relative_link(Path(own), folder) if own and PAGE_SUFFIX in job.outputs else None
        document = None if job.document is None else printable_name(job.document)
        settings: dict[str, Plain] = {
            "style": job.style,
            "rules": repr(make_look(job.style)),  # a file of rules may say something else today
            "outputs": ",".join(job.outputs),
            "media_link": link,
            "sound": sound.settings.get("sound"),
            "sound_name": printable_name(Path(own)) if own else None,
            "document": self._hash_document(job.document),
            "document_name": document,
            "names": self._hash_document(job.names),
            "model": self._describe(job.model),
            "bundled model": self._describe(BUNDLED),
            "language": job.language,
            "track": job.track,
            "offset": job.offset,
            "partial": job.partial,
            "beam": job.beam,
            "threads": job.threads,
            "asked aligner": job.aligner,
            "diarizer": VOICES,
            "speakers": job.speakers,
            "topics": job.topics,
            **{f"engine {k}": v for k, v in _versions_in(_find(Kind.ALIGN, words)).items()},
        }
        inputs = {"words": topics} | ({} if fetch is None else {"fetch": fetch})
        return _step(Kind.OUTPUTS, settings, inputs, {"sound": own, "names": job.names})

    def _choose(self, job: Job) -> str:
        """Return the aligner for the document of ``job``."""
        if job.document is None:
            raise ValueError("no document, no aligner")
        if job.aligner == AUTO and job.language not in {None, "zh", "en"}:
            return RECOGNITION
        return choose_aligner(job.aligner, load_document(job.document), job.language)

    def _foreign_versions(self, job: Job, name: str) -> dict[str, Plain]:
        engine = load_engine(name, AlignerOptions(job.model, job.threads, job.beam))
        return {f"foreign version {package}": v for package, v in engine.versions.items()}

    def _hash_sound(self, path: Path) -> str:
        return self.hashes.hash(path, MediaError)

    def _hash_document(self, path: Path | None) -> str | None:
        return None if path is None else self.hashes.hash(path, DocumentError)

    def _identify(self, model: str) -> str:
        if model not in self.models:
            self.models[model] = model_identity(find_model(model))
        return self.models[model]

    def _describe(self, model: str) -> str:
        return f"{Path(model).name} {self._identify(model)}"


def find_source(job: Job) -> str:
    """Return the path or address of the sound of ``job``, with its part.

    Raises:
        SubtoolsError: If nothing says which it is, or a part is named where there are none.
    """
    source = job.source
    if not source:
        if job.document is None:
            raise MediaError("there is no sound", hint="name a file or an address as its source")
        source = find_address(job.document)
    if not is_address(source):
        if job.part is not None and not Path(source).exists():
            return source  # that it is not there will be said
        return source
    if job.part is None:
        return source
    address = parse_address(source)
    if address.kind is not AddressKind.BILIBILI:
        hint = "give each video its own address"
        raise MediaError("only videos of Bilibili have parts", hint=hint, path=None)
    return f"{address.bvid or address.url}?p={job.part}"


def _step(
    kind: Kind,
    settings: Mapping[str, Plain],
    inputs: Mapping[str, Step] | None = None,
    files: Mapping[str, Path | str | None] | None = None,
) -> Step:
    """Return a step without what is not set: a new setting changes no address as long as it is."""
    said = {name: value for name, value in settings.items() if value is not None}
    read = {role: str(path) for role, path in (files or {}).items() if path is not None}
    addresses = {role: before.address for role, before in (inputs or {}).items()}
    return Step(kind, said | _versions(kind), addresses, read)


@cache
def _versions(kind: Kind) -> dict[str, Plain]:
    return {f"version {name}": version(name) for name in ("subtools", *_PACKAGES[kind])}


def _machine(job: Job) -> dict[str, Plain]:
    device = job.device
    return {
        "threads": job.threads,
        "device": device.kind,
        "compute_type": device.compute_type,
        "batch": device.batch,
    }


def _versions_in(align: Step) -> dict[str, Plain]:
    prefix = "foreign version "
    return {
        f"version {name.removeprefix(prefix)}": value
        for name, value in align.settings.items()
        if name.startswith(prefix)
    }


def _first(kind: Kind, steps: Iterable[Step]) -> Step | None:
    return next((step for step in steps if step.kind is kind), None)


def _find(kind: Kind, steps: Iterable[Step]) -> Step:
    return next(step for step in steps if step.kind is kind)
