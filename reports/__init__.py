"""Results turned into documents; knows nothing of pytest or simulators.

Whoever ran the scenarios draws the conclusions and has everything written:

>>> from reports import conclusions, model, writer
>>> conclusion = conclusions.conclude(ran, requirements, errata, profile=profile, complete=True)
>>> results = model.Results(
...     scenarios=conclusion.scenarios, requirements=conclusion.requirements, errata=conclusion.errata,
...     totals=conclusion.totals, exit_code=conclusion.exit_code, ...
... )  # doctest: +SKIP
>>> writer.write_all(results, Path("report"))  # doctest: +SKIP

| module | what |
|---|---|
| `model` | the values of `results.json` |
| `attribution` | what a scenario says about each requirement, and why it may say nothing |
| `conclusions` | from scenarios to requirements, totals and exit code |
| `scope` | what alone a run was about |
| `causes`, `caveats` | each cause of failures once; warnings, and what was judged in part |
| `results_file`, `serializer` | reading and writing `results.json` |
| `html`, `overview`, `evidence`, `decoding`, `page` | `index.html` |
| `junit`, `markdown`, `har` | `junit.xml`, `summary.md`, `har/` |
| `kill_matrix` | what `opnc prove` has shown |
| `runs` | the circumstances of a run, to set it beside others |
| `matrix`, `matrix_documents`, `matrix_html` | several runs: who works with whom |
| `comparison`, `comparison_documents` | two runs: what got better or worse |
| `writer` | all of it into a folder |
"""

from __future__ import annotations
