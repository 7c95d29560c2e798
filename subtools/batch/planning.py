"""A job as steps: which, in what order, and what decides each.

    fetch ──► decode ──► encode ─────────► align ──► diarize ──► name ──► topics ──► outputs
                    └──► (site) ► recognise ┘   (decode ──┘)                 └► (clean) ┘

Everything is known before anything is done: a step's address is a hash of its settings, of
the files it reads, of the versions of the packages that decide its result, and of the
addresses of the steps before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from subtools.aligners import (
    AUTO,
    PHONES,
    PHONES_LANGUAGES,
    RECOGNITION,
    AlignerOptions,
    choose_aligner,
    load_engine,
)
from subtools.batch.hashing import Hashes
from subtools.batch.recipes import (
    find_source,
    find_step,
    first_step,
    foreign_versions,
    machine_of,
    make_step,
    origin_of,
)
from subtools.batch.values import Job, Kind, Plain, Plan, Step
from subtools.checks import check_language
from subtools.diarizers import VOICES
from subtools.errors import AlignmentError, DocumentError, MediaError
from subtools.inputs import printable_name
from subtools.models import BUNDLED, find_model, model_accessories, model_identity
from subtools.page import relative_link
from subtools.presenting import PAGE_SUFFIX, make_look
from subtools.reading import load_document
from subtools.talks import TextChoice, is_address

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
        topics = make_step(
            Kind.TOPICS,
            {"topics": job.topics, "offset": job.offset},
            {"words": words[-1]},
        )
        cleaning = self._plan_cleaning(job, words, topics) if job.clean else ()
        outputs = self._plan_outputs(job, words, topics, cleaning)
        return Plan(job, (*words, topics, *cleaning, outputs))

    def _plan_sound(self, job: Job) -> tuple[Step, ...]:
        """Return how the samples are come by: fetched if need be, and decoded."""
        settings: dict[str, Plain] = {"track": job.track}
        source = find_source(job)
        if not is_address(source):
            path = Path(source)
            settings["sound"] = self._hash_sound(path)
            return (make_step(Kind.DECODE, settings, files={"sound": path}),)
        wants_texts = job.document is None and job.text is not TextChoice.RECOGNISED
        fetch = make_step(Kind.FETCH, {"address": source, "subtitles": wants_texts})
        return (fetch, make_step(Kind.DECODE, settings, {"fetch": fetch}))

    def _plan_words(self, job: Job, before: tuple[Step, ...]) -> tuple[Step, ...]:
        """Return how words in time are come by, with what comes before."""
        fetch = first_step(Kind.FETCH, before)
        settings: dict[str, Plain] = {"language": job.language, "partial": job.partial}
        if fetch is not None:
            settings["address"] = fetch.settings["address"]
        if job.document is not None:
            return self._plan_document(job, job.document, before, settings)
        if job.aligner not in {AUTO, RECOGNITION}:
            hint = "give one, or leave out the aligner"
            raise AlignmentError("there is no document that could be aligned", hint=hint)
        return self._plan_recognised(job, before, settings)

    def _plan_document(
        self, job: Job, document: Path, before: tuple[Step, ...], settings: Mapping[str, Plain]
    ) -> tuple[Step, ...]:
        name = self._choose(job, document)
        heard = self._plan_hearing(job, name, before[-1])
        said = {**settings, "document": self._hash_document(document), "aligner": name}
        said["document read as"] = _suffix_of(document)
        if name not in {PHONES, RECOGNITION}:
            said |= {"model_name": job.model, "beam": job.beam, "threads": job.threads}
            said |= self._foreign_versions(job, name)
        inputs = {"sound": heard[-1] if heard else before[-1], **origin_of(before)}
        return (*before, *heard, make_step(Kind.ALIGN, said, inputs, {"document": document}))

    def _plan_recognised(
        self, job: Job, before: tuple[Step, ...], settings: Mapping[str, Plain]
    ) -> tuple[Step, ...]:
        fetch, decode = first_step(Kind.FETCH, before), before[-1]
        site: tuple[Step, ...] = ()
        if fetch is not None and job.text is not TextChoice.RECOGNISED:
            site = self._plan_site(job, fetch, decode)
        extra = {"site": site[-1]} if site else {}
        recognise = self._plan_recognition(job, decode, _TRANSCRIBING_BEAM, extra, job.glossary)
        inputs = {"sound": recognise, **origin_of(before), **extra}
        return (*before, *site, recognise, make_step(Kind.ALIGN, settings, inputs))

    def _plan_hearing(self, job: Job, aligner: str, decode: Step) -> tuple[Step, ...]:
        """Return what is to be heard before a document can be aligned."""
        if aligner == PHONES:
            return (self._plan_encoding(job, {"decode": decode}),)
        if aligner == RECOGNITION:
            return (self._plan_recognition(job, decode, _BEAM, {}),)
        return ()

    def _plan_encoding(self, job: Job, inputs: Mapping[str, Step]) -> Step:
        settings = {"model": BUNDLED, "identity": self._identify(BUNDLED), **machine_of(job)}
        return make_step(Kind.ENCODE, settings, inputs)

    def _plan_recognition(
        self,
        job: Job,
        decode: Step,
        beam: int,
        inputs: Mapping[str, Step],
        glossary: Path | None = None,
    ) -> Step:
        """Return how the sound is recognised; the terms of ``glossary`` are told beforehand."""
        settings = {
            "model_name": job.model,
            "identity": self._identify(job.model),
            "beam": job.beam or beam,
            "language": job.language,
            **machine_of(job),
        }
        if glossary is not None:
            settings["glossary"] = self._hash_document(glossary)
            settings["glossary read as"] = _suffix_of(glossary)
        files = {} if glossary is None else {"glossary": glossary}
        return make_step(Kind.RECOGNISE, settings, {"decode": decode, **inputs}, files)

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
            **machine_of(job),
        }
        inputs = {"fetch": fetch, "decode": decode, "encode": encode}
        return encode, make_step(Kind.SITE, settings, inputs)

    def _plan_speakers(self, job: Job, words: tuple[Step, ...]) -> tuple[Step, ...]:
        align, decode = words[-1], find_step(Kind.DECODE, words)
        found: dict[str, Plain] = {"diarizer": VOICES, "speakers": job.speakers}
        diarize = make_step(
            Kind.DIARIZE,
            {**found, "threads": job.threads},
            {"align": align, "decode": decode},
        )
        name = make_step(
            Kind.NAME,
            {
                **found,
                "names": self._hash_document(job.names),
                "names read as": _suffix_of(job.names),
            },
            {"align": align, "diarize": diarize},
            {"names": job.names},
        )
        return (*words, diarize, name)

    def _plan_cleaning(self, job: Job, words: tuple[Step, ...], topics: Step) -> tuple[Step, ...]:
        """Return how the words are cleaned; what a step before has heard serves for that, too."""
        decode = find_step(Kind.DECODE, words)
        heard = (
            first_step(Kind.ENCODE, words) or self._plan_encoding(job, {"decode": decode}),
            first_step(Kind.RECOGNISE, words) or self._plan_recognition(job, decode, _BEAM, {}),
        )
        settings: dict[str, Plain] = {
            "offset": job.offset,
            "language": job.language,
            "model_name": job.model,
            "identity": self._identify(job.model),
            "bundled identity": self._identify(BUNDLED),
            "glossary": self._hash_document(job.glossary),
            **machine_of(job),
        }
        inputs = {"words": topics, "decode": decode, "encode": heard[0], "recognise": heard[1]}
        clean = make_step(Kind.CLEAN, settings, inputs, {"glossary": job.glossary})
        return (*(step for step in heard if step not in words), clean)

    def _plan_outputs(
        self, job: Job, words: tuple[Step, ...], topics: Step, cleaning: tuple[Step, ...]
    ) -> Step:
        sound = find_step(Kind.DECODE, words)
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
            "names read as": _suffix_of(job.names),
            "glossary": None if job.document else self._hash_document(job.glossary),
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
            **{f"engine {k}": v for k, v in foreign_versions(find_step(Kind.ALIGN, words)).items()},
        }
        inputs = {"words": topics, **origin_of(words)}
        if cleaning:
            inputs["clean"] = cleaning[-1]
        files = {"sound": own, "names": job.names}
        if job.document is None:
            files["glossary"] = job.glossary
        return make_step(Kind.OUTPUTS, settings, inputs, files)

    def _choose(self, job: Job, document: Path) -> str:
        """Return the aligner for the document of ``job``."""
        if job.aligner == AUTO and job.language not in {None, *PHONES_LANGUAGES}:
            return RECOGNITION
        return choose_aligner(job.aligner, load_document(document), job.language)

    def _foreign_versions(self, job: Job, name: str) -> dict[str, Plain]:
        engine = load_engine(name, AlignerOptions(job.model, job.threads, job.beam))
        return {f"foreign version {package}": v for package, v in engine.versions.items()}

    def _hash_sound(self, path: Path) -> str:
        return self.hashes.hash(path, MediaError)

    def _hash_document(self, path: Path | None) -> str | None:
        return None if path is None else self.hashes.hash(path, DocumentError)

    def _identify(self, model: str) -> str:
        """Return what tells ``model`` from all others: its weights, and what lies beside them."""
        if model not in self.models:
            folder = find_model(model)
            weights = model_identity(folder)  # all of the bundled one was compared by now
            others = "" if model == BUNDLED else f" with {model_accessories(folder)}"
            self.models[model] = f"{weights}{others}"
        return self.models[model]

    def _describe(self, model: str) -> str:
        """Return what the record of a result says of ``model``, as ``caption`` does."""
        return f"{Path(model).name} {self._identify(model).partition(' ')[0]}"


def _suffix_of(path: Path | None) -> str | None:
    """Return what the name of a file says of its format, which its reader goes by."""
    return None if path is None else path.suffix.lower() or None
