"""Aligners side by side: accuracy, cost, and what happens when text and sound disagree.

`python -m scripts.bench FOLDER...` runs all of it; `--help` says what can be left out.
Every measured run is a process of its own (`worker`, `stable_child`), so that memory and
time are those of one system alone. `python -m scripts.bench.speakers FOLDER...` does the
same for who speaks when and under which name.
"""
