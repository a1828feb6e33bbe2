"""The playbooks of an installation, read once and joined with the common steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain

from workstation.content import folder
from workstation.domain.errors import ContentError
from workstation.playbooks.expressions import Condition, Facts
from workstation.playbooks.lint import Source, mistakes
from workstation.playbooks.parsing import parse
from workstation.playbooks.schema import Common, Playbook, StepPlan

COMMON = "_common.yaml"


@dataclass(frozen=True, slots=True)
class Ready:
    """A playbook with its conditions read and its common steps in place."""

    plan: Playbook
    steps: tuple[StepPlan, ...]

    @property
    def id(self) -> str:
        return self.plan.id

    def is_triggered(self, facts: Facts) -> bool:
        """Whether its trigger is known to hold."""
        one = [condition(text).judge(facts) for text in self.plan.trigger.any]
        every = [condition(text).judge(facts) for text in self.plan.trigger.all]
        return True in one or (bool(every) and all(truth is True for truth in every))

    def suggested(self, facts: Facts) -> str | None:
        """The level its rules speak for: the first from the top that is known to hold."""
        return next((rule.level for rule in self.plan.levels if condition(rule.when).judge(facts) is True), None)

    def may_stop(self, facts: Facts) -> bool:
        """Whether every stop condition is known to hold now; how long it must hold is the run's to count."""
        return all(condition(text).judge(facts) is True for text in self.plan.stop.all)

    @property
    def names(self) -> frozenset[str]:
        """The indicators that its trigger and its levels look at."""
        texts = (*self.plan.trigger.any, *self.plan.trigger.all, *(rule.when for rule in self.plan.levels))
        return frozenset(name for text in texts for name in condition(text).node.names())

    def step(self, step_id: str) -> StepPlan | None:
        return next((plan for plan in self.steps if plan.id == step_id), None)


@dataclass(frozen=True, slots=True)
class Library:
    """Playbooks by id."""

    playbooks: dict[str, Ready]

    def fitting(self, incident_type: str | None) -> list[Ready]:
        """Those made for a type of incident (N02), in the order of their ids."""
        return [one for one in self.playbooks.values() if incident_type in one.plan.types]

    def get(self, playbook: str | None) -> Ready | None:
        return self.playbooks.get(playbook or "")

    @classmethod
    def of(cls, plans: Iterable[Playbook], common: Iterable[StepPlan]) -> "Library":
        shared = tuple(common)
        ready = [Ready(plan, (*(shared if plan.use == "common" else ()), *plan.steps)) for plan in plans]
        return cls({one.id: one for one in ready})


@cache
def read_library() -> Library:
    """Every playbook under playbooks/. Raises ContentError with the first mistake the linter finds."""
    sources = [Source(file) for file in sorted(folder("playbooks").glob("*.yaml"))]
    for source in sources:
        for finding in mistakes(source):
            raise ContentError(f"{finding.file}:{finding.line}", f"{finding.place}.{finding.field}", finding.reason)
    common = [Common.model_validate(one.content).common for one in sources if one.name == COMMON]
    plans = [Playbook.model_validate(one.content) for one in sources if one.name != COMMON]
    return Library.of(plans, chain.from_iterable(common))


@cache
def condition(text: str) -> Condition:
    """A condition, read once."""
    return parse(text)
