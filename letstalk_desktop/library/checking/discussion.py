"""Rules about questions and session plans."""

from __future__ import annotations

from collections.abc import Iterator

from letstalk_desktop.language import N_
from letstalk_desktop.library.checking.codebook import missing_languages
from letstalk_desktop.library.checking.material import QUESTIONS, Material, Table, strings, tables, texts_of
from letstalk_desktop.library.checking.report import Finding, Severity
from letstalk_desktop.library.checking.structure import block_ids

KINDS = ("recall", "reflect", "interpret", "decide", "position", "challenge")


def check_discussion(material: Material) -> Iterator[Finding]:
    """Every rule of this file."""
    for question in material.questions:
        yield from _question(material, question)
    known = {str(question.get("id")) for question in material.questions}
    for plan in material.plans:
        yield from _plan(material, plan, known)


def _question(material: Material, question: Table) -> Iterator[Finding]:
    name = str(question.get("id", ""))
    line = material.entry_line(QUESTIONS, name)

    def found(severity: Severity, rule: str, template: str, remedy: str, **fields: object) -> Finding:
        return Finding(severity, rule, QUESTIONS, line, template, remedy, {"id": name, **fields})

    for key, severity in (("text", Severity.ERROR), ("guidance", Severity.WARNING)):
        yield from missing_languages(material, QUESTIONS, name, key, question.get(key), required=True, severity=severity)
    minutes = question.get("minutes")
    if not isinstance(minutes, int) or isinstance(minutes, bool) or not 0 < minutes <= 180:
        template = N_("the question “{id}” has no “minutes”, or no sensible ones;")
        yield found(Severity.ERROR, "minutes", template, N_("say how long a group should talk about it."))
    if question.get("kind") not in KINDS:
        template = N_("the question “{id}” is of the kind “{kind}”, which the program does not know;")
        remedy = N_("use one of {kinds}.")
        yield found(Severity.WARNING, "question-kind", template, remedy, kind=question.get("kind", ""), kinds=", ".join(KINDS))
    chapter = str(question.get("chapter", ""))
    if chapter not in {str(one.get("id")) for one in material.chapters}:
        template = N_("the question “{id}” names the chapter “{chapter}”, which resource.toml does not have;")
        yield found(Severity.ERROR, "unknown-chapter", template, N_("correct the chapter’s id."), chapter=chapter)
        return
    blocks = strings(question.get("blocks"))
    if not blocks:
        template = N_("the question “{id}” names no blocks;")
        yield found(Severity.WARNING, "no-blocks", template, N_("list the ids of the passages that it is about."))
    known = block_ids(material, chapter)
    for block in blocks:
        if known is not None and block not in known:
            template = N_("the question “{id}” names the block “{block}”, which the chapter “{chapter}” does not have;")
            remedy = N_("correct or take out that id.")
            yield found(Severity.ERROR, "unknown-block", template, remedy, block=block, chapter=chapter)
    texts = [text for text in material.of_chapter(chapter) if text.compiled]
    if question.get("closing") and any(name in {b.id for b in text.compiled.blocks} for text in texts if text.compiled):
        template = N_("the question “{id}” has the id of a block in its chapter;")
        yield found(Severity.ERROR, "id-twice", template, N_("give one of the two another id."))


def _plan(material: Material, plan: Table, known: set[str]) -> Iterator[Finding]:
    name = str(plan.get("id", ""))
    line = material.entry_line(QUESTIONS, name)

    def found(rule: str, template: str, remedy: str, **fields: object) -> Finding:
        return Finding(Severity.ERROR, rule, QUESTIONS, line, template, remedy, {"id": name, **fields})

    yield from missing_languages(material, QUESTIONS, name, "title", plan.get("title"), required=True, severity=Severity.ERROR)
    total = 0
    for number, step in enumerate(tables(plan.get("steps")), 1):
        minutes = step.get("minutes")
        if isinstance(minutes, int) and not isinstance(minutes, bool) and minutes > 0:
            total += minutes
        else:
            yield found("minutes", N_("step {step} of the plan “{id}” has no “minutes”;"), N_("add them."), step=number)
        question = str(step.get("question", ""))
        if question and question not in known:
            template = N_("step {step} of the plan “{id}” names the question “{question}”, which does not exist;")
            yield found("unknown-question", template, N_("correct the question’s id."), step=number, question=question)
        texts = texts_of(step.get("text"), material.languages)
        missing = [language for language in material.languages if not texts.get(language, "").strip()]
        if missing and (texts or not question):
            template = N_("step {step} of the plan “{id}” has no text in the language {language};")
            remedy = N_("add it, or name a question.")
            yield found("missing-words", template, remedy, step=number, language=", ".join(missing))
    if plan.get("minutes") != total:
        template = N_("the steps of the plan “{id}” add up to {total} minutes, the plan says {minutes};")
        yield found("plan-sum", template, N_("make the two agree."), total=total, minutes=plan.get("minutes", 0))
