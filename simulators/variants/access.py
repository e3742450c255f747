"""Variants in how those are refused who lack a right, or are told of what belongs to somebody else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from opnc.severity import Severity
from simulators.faults.tampering import everywhere
from simulators.kernel.messages import Answer
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from simulators.kernel.messages import Call

LISTS_OF_CONTRACTS = ("getContractDataByEmaidV1", "getContractDataByPcidV1")


def _hidden(_call: Call, answer: Answer) -> Answer:
    return replace(answer, status=404) if answer.status == 403 else answer


def _unauthorized(_call: Call, answer: Answer) -> Answer:
    if answer.status != 403:
        return answer
    challenge = {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}
    return replace(answer, status=401, headers={**answer.headers, **challenge})


def _bad_content(_call: Call, answer: Answer) -> Answer:
    return replace(answer, status=400) if answer.status == 403 else answer


def _nothing_listed(_call: Call, answer: Answer) -> Answer:
    return Answer.json(200, {"contractDataCollection": []}) if answer.status == 403 else answer


VARIANTS = (
    Variant(
        id="common.404-for-403",
        service="common",
        summary="What somebody has no right to is not found, so that nobody learns what there is.",
        sources=("ERR-156", "RFC 9110 15.5.4"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=everywhere(_hidden),
    ),
    Variant(
        id="common.401-for-403",
        service="common",
        summary="Whoever lacks a right is asked to authenticate as somebody who has it.",
        sources=("ERR-156",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=everywhere(_unauthorized),
    ),
    Variant(
        id="common.400-for-403",
        service="common",
        summary="A right that lacks is told like any other thing that is wrong with a request.",
        sources=("ERR-156", "ERR-044"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=everywhere(_bad_content, services={"pcp", "cps", "ccp", "event"}),
    ),
    Variant(
        id="pcp.vehicles-of-others-readable",
        service="pcp",
        summary="An OEM may read and look up the vehicles of other OEMs: the table limits writing alone.",
        sources=("ERR-053",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        disabled=frozenset({"pcp.read.owner"}),
    ),
    Variant(
        id="ccp.contracts-of-others-not-listed",
        service="ccp",
        summary="A list of contracts of somebody else is an empty list.",
        sources=("ERR-156", "ERR-087"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=dict.fromkeys(LISTS_OF_CONTRACTS, _nothing_listed),
    ),
)
