"""``code``: runs Python in the sandbox."""

from __future__ import annotations

import hashlib
import keyword
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from runwright.blocks.base import (
    Block,
    BlockConfig,
    BlockContext,
    BlockError,
    Checkpoint,
    Completed,
    Marker,
    wrong,
)
from runwright.integrations.sandbox.pool import Ran, SandboxError, Snippet
from runwright.kit.clock import Millis, now_ms
from runwright.kit.json import dumps, loads

_MAX_CODE = 200_000
_CHECKPOINT = "code:1"


class CodeConfig(BlockConfig):
    """Fields of a ``code`` block."""

    language: Literal["python"] = "python"
    """`python`: a large part of Python 3 (Monty), with functions, plain classes, comprehensions, `re`, `json`, `math`,
    `datetime`, `csv`, `collections`. Without inheritance, `yield`, other packages, files, network and environment;
    `time.sleep` returns at once."""
    code: str = Field(max_length=_MAX_CODE)
    """The program; the value of its last line, or what it returns, is the output. Names are not looked up in it: what
    it works on comes in by `inputs`."""
    inputs: Annotated[dict[str, Any], Marker.TEMPLATE] = Field(default_factory=dict)
    """Its variables by name. A text that looks a value up is a text there too; `json.loads` takes JSON apart."""

    @field_validator("code")
    @classmethod
    def _not_empty(cls, code: str) -> str:
        if not code.strip():
            raise wrong("code is empty; write the program, with the value it gives as its last line")
        return code

    @field_validator("inputs")
    @classmethod
    def _names_are_variables(cls, inputs: dict[str, Any]) -> dict[str, Any]:
        for name in inputs:
            if not name.isidentifier() or keyword.iskeyword(name):
                raise wrong(f"the input {name!r} is no name for a variable of Python; use letters, digits and _")
        return inputs


class CodeBlock(Block[CodeConfig]):
    """Runs a program; the output is its value: a text as it is, all else as JSON text.

    It runs in a process of its own, within limits of time, memory and output that the installation sets
    (``RUNWRIGHT_CODE__…``); a ``timeout`` of the block shortens the time. What it prints is shown as it comes, and is
    kept.
    """

    type = "code"
    title = "Code"
    description = (
        "Runs a short Python program on the values it is given. A safe part of Python: no inheritance, yield, "
        "packages, files or network."
    )
    icon = "code"
    config_model = CodeConfig

    async def run(self, config: CodeConfig, context: BlockContext) -> Completed:
        """Run the program, unless it ran before a crash.

        Raises:
            BlockError: the program failed, or went past a limit.
        """
        inputs = context.render(config.inputs)
        digest = hashlib.sha256(dumps([config.code, inputs]).encode("utf-8", "replace")).hexdigest()
        kept = await context.checkpoints.get(_CHECKPOINT)
        if kept is not None and kept.request_hash == digest:
            return Completed(output=loads(kept.response)["result"])
        snippet, started = Snippet(code=config.code, inputs=inputs, seconds=context.timeout), now_ms()
        try:
            ran: Ran = await context.services.sandbox.run(
                snippet, on_print=lambda text: context.emit("log", {"text": text})
            )
        except SandboxError as error:
            if error.printed:
                await context.checkpoints.put(_CHECKPOINT, _checkpoint(error.printed, None, digest="", started=started))
            raise BlockError(str(error), retryable=error.retryable) from error
        if ran.printed:
            kept = _checkpoint(ran.printed, ran.output, digest=digest, started=started)
            await context.checkpoints.put(_CHECKPOINT, kept)
        return Completed(output=ran.output)


def _checkpoint(printed: str, result: str | None, *, digest: str, started: Millis) -> Checkpoint:
    """What was printed, kept with the result; without a result it is there to be read only."""
    response = dumps({"printed": printed, "result": result})
    return Checkpoint(kind="code", request_hash=digest, response=response, started_at=started, finished_at=now_ms())
