"""One block of a workflow file, read into its definition."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from runwright.blocks import registry
from runwright.blocks.base import BlockConfig, Marker, ReviewPolicy
from runwright.blocks.review import ReviewConfig
from runwright.workflows.config_check import MarkedText, field_names, inner_field, marked_texts, validate
from runwright.workflows.definition import BlockDefinition, Need, OnError, Retry
from runwright.workflows.nodes import Mapping, Node, Scalar, Sequence
from runwright.workflows.problems import Section, did_you_mean

KEY: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
MAX_TIMEOUT: Final = 7 * 24 * 3600
MAX_ATTEMPTS: Final = 20
MAX_BACKOFF: Final = 3600
COMMON_FIELDS: Final = (
    "type",
    "name",
    "description",
    "needs",
    "if",
    "timeout",
    "retry",
    "on_error",
    "review",
    "artifact",
)
INNER_FIELDS: Final = ("type", "timeout", "retry")
NOT_INSIDE: Final = {
    "map": "have it call a workflow that has a map block",
    "review": "have it call a workflow that asks for the review",
    "output": "put an output block behind the map block",
}
_PLACEHOLDER: Final = re.compile(r"\{\{.*?\}\}")
_FILE_NAME: Final = re.compile(r"[^/\\\x00-\x1f<>:\"|?*]{1,200}")


@dataclass(frozen=True, slots=True)
class WrittenNeed:
    """An entry of ``needs``, with its place."""

    need: Need
    node: Scalar
    path: str


@dataclass(frozen=True, slots=True)
class WrittenBlock:
    """A block as read from the file, before its names and needs are compared with the other blocks.

    ``definition`` is None when its own fields are wrong.
    """

    key: str
    node: Scalar
    path: str
    needs: tuple[WrittenNeed, ...]
    definition: BlockDefinition | None
    texts: tuple[MarkedText, ...] = field(default=())


def read_block(section: Section, *, key: Scalar) -> WrittenBlock:
    """Read a block; what is wrong in it is noted in the section's problems."""
    if not KEY.fullmatch(key.text):
        message = (
            f"'{key.text}' is no valid key for a block; use a-z, 0-9, - and _, at most 100, "
            "beginning with a letter or digit"
        )
        section.problems.add(key, section.path, message)
    needs = _needs(section)
    kind = registry.get(_type_name(section))
    if kind is None:
        return WrittenBlock(key.text, key, section.path, needs, definition=None)
    own = field_names(kind.config_model)
    section.refuse_unknown((*COMMON_FIELDS, *own), what=f"in a block of type {kind.type}")
    config = validate(kind.config_model, _only(section.node, own, key), path=section.path, problems=section.problems)
    texts = [*_common_texts(section)]
    inner = read_inner(section, kind.config_model, key=key)
    if config is not None:
        texts += marked_texts(config, section.node, path=section.path)
    if inner is not None:
        texts += inner.texts
    definition = _definition(section, key=key, type_name=kind.type, config=config)
    if definition is not None and inner is not None:
        definition = replace(definition, inner=inner.definition)
    return WrittenBlock(key.text, key, section.path, needs, definition, tuple(texts))


def _only(node: Mapping, names: tuple[str, ...], key: Scalar) -> Mapping:
    """The block's fields of its own type; what is missing among them is missing at the block's key."""
    entries = {name: child for name, child in node.entries.items() if name in names}
    return Mapping(entries, node.keys, key.line, key.column, node.end_line)


def _type_name(section: Section) -> str:
    node = section.node.entries.get("type")
    known = registry.block_types()
    if node is None:
        section.refuse("type", f"'type' is missing; there are {', '.join(known)}")
    elif not isinstance(node, Scalar) or node.text not in known:
        written = node.text if isinstance(node, Scalar) else "this"
        hint = did_you_mean(written, known) or f"; there are {', '.join(known)}"
        section.refuse("type", f"there is no block type '{written}'{hint}")
    else:
        return node.text
    return ""


def _definition(section: Section, *, key: Scalar, type_name: str, config: BlockConfig | None) -> BlockDefinition | None:
    """The definition without its needs and names, which are added once all blocks are known."""
    written = BlockDefinition(
        key=key.text,
        type=type_name,
        config=config or BlockConfig(),
        name=section.line("name", longest=200) or key.text,
        description=section.text("description") or "",
        condition=section.text("if"),
        timeout=_timeout(section),
        retry=_retry(section),
        on_error=section.choice("on_error", default=OnError.FAIL),
        review=_review(section, type_name=type_name),
        artifact=_artifact(section),
        line=key.line,
    )
    return written if config is not None else None


def _needs(section: Section) -> tuple[WrittenNeed, ...]:
    node = section.node.entries.get("needs")
    if node is None:
        return ()
    if isinstance(node, Scalar) and isinstance(node.value(), str):
        return tuple(_need(section, node, section.at("needs")))
    if not isinstance(node, Sequence):
        section.refuse("needs", "'needs' must be a list of block keys, such as [fetch, route.urgent]")
        return ()
    found: list[WrittenNeed] = []
    for index, item in enumerate(node.items):
        found += _need(section, item, f"{section.at('needs')}[{index}]")
    return tuple(found)


def _need(section: Section, node: Node, path: str) -> list[WrittenNeed]:
    if not isinstance(node, Scalar) or not node.text:
        section.problems.add(node, path, "a need must be the key of a block, or key.branch")
        return []
    key, dot, branch = node.text.partition(".")
    if dot and not branch:
        section.problems.add(node, path, f"'{node.text}' names no branch after the dot")
        return []
    return [WrittenNeed(Need(key=key, branch=branch or None), node, path)]


@dataclass(frozen=True, slots=True)
class InnerBlock:
    """The block that a ``map`` block runs for each item. ``definition`` is None when its fields are wrong."""

    definition: BlockDefinition | None
    texts: tuple[MarkedText, ...]


def read_inner(section: Section, model: type[BlockConfig], *, key: Scalar) -> InnerBlock | None:
    """Read the inner block of a type that has one; None for the others, and when there is none to read."""
    field_name = inner_field(model)
    child = None if field_name is None else section.child(field_name)
    if field_name is None or child is None:
        return None
    name = _type_name(child)
    if name in NOT_INSIDE:
        child.refuse("type", f"a block of type {name} cannot run for each item; {NOT_INSIDE[name]}")
        return None
    kind = registry.get(name)
    if kind is None:
        return None
    own = field_names(kind.config_model)
    child.refuse_unknown((*INNER_FIELDS, *own), what=f"in the inner block of type {kind.type}")
    at = section.node.keys[field_name]
    config = validate(kind.config_model, _only(child.node, own, at), path=child.path, problems=child.problems)
    if config is None:
        return InnerBlock(None, ())
    texts = marked_texts(config, child.node, path=child.path)
    definition = BlockDefinition(
        key=key.text, type=name, config=config, name=key.text, timeout=_timeout(child), retry=_retry(child)
    )
    return InnerBlock(definition, tuple(replace(text, in_items=True) for text in texts))


def _timeout(section: Section) -> float | None:
    return section.number("timeout", least=0.001, most=MAX_TIMEOUT)


def _retry(section: Section) -> Retry:
    retry = section.child("retry")
    if retry is None:
        return Retry()
    retry.refuse_unknown(("attempts", "backoff"), what="in 'retry'")
    attempts = retry.number("attempts", least=1, most=MAX_ATTEMPTS, whole=True)
    backoff = retry.number("backoff", least=0, most=MAX_BACKOFF)
    return Retry(
        attempts=int(attempts) if attempts is not None else Retry().attempts,
        backoff=backoff if backoff is not None else Retry().backoff,
    )


def _review(section: Section, *, type_name: str) -> ReviewPolicy | None:
    node = section.node.entries.get("review")
    if node is None:
        return None
    if type_name == "review":
        section.refuse("review", "a block of type review is a review already; remove 'review'")
        return None
    if not isinstance(node, Mapping):
        return ReviewPolicy() if section.boolean("review") else None
    policy = validate(ReviewConfig, node, path=section.at("review"), problems=section.problems)
    if not isinstance(policy, ReviewConfig):
        return None
    return ReviewPolicy(message=policy.message, deadline=policy.deadline, default=policy.default)


def _artifact(section: Section) -> bool | str:
    node = section.node.entries.get("artifact")
    if node is None:
        return False
    value = node.value() if isinstance(node, Scalar) else None
    if isinstance(value, bool):
        return value
    # What a {{ name }} comes to is made safe when it is known.
    written = _PLACEHOLDER.sub("x", value) if isinstance(value, str) else ""
    if not isinstance(value, str) or not _FILE_NAME.fullmatch(written) or written in (".", ".."):
        section.refuse("artifact", "'artifact' must be true or the name of a file, without folders")
        return False
    return value


def _common_texts(section: Section) -> list[MarkedText]:
    found: list[MarkedText] = []
    condition = section.node.entries.get("if")
    if isinstance(condition, Scalar):
        found.append(MarkedText(condition, section.at("if"), Marker.CONDITION))
    artifact = section.node.entries.get("artifact")
    if isinstance(artifact, Scalar) and isinstance(artifact.value(), str):
        found.append(MarkedText(artifact, section.at("artifact"), Marker.TEMPLATE))
    review = section.node.entries.get("review")
    if isinstance(review, Mapping) and isinstance(message := review.entries.get("message"), Scalar):
        found.append(MarkedText(message, section.at("review.message"), Marker.TEMPLATE))
    return found
