"""The web application for any WSGI server: gunicorn "cdsplan.serve:application()".

It takes what `cdsplan serve` takes from the environment: CDSPLAN_PLAN, CDSPLAN_BASE_URL, CDSPLAN_TOKENS, CDSPLAN_STATE.
What happens is logged by the loggers cdsplan.serve and cdsplan.access, as that server sets them up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.cli.frame import Run
from cdsplan.cli.plans import language_of
from cdsplan.cli.serve import command
from cdsplan.cli.serving import Serving
from cdsplan.cli.words import begin

if TYPE_CHECKING:
    from cdsplan.web.application import Application

OF_THE_COMMAND = ("host", "port", "no_access_log")


def application() -> Application:
    """Make the application.

    Raises:
        PlanError: the plan cannot be read, and there is nothing good from before.
    """
    begin((), lambda: language_of(()))
    with command.make_context("serve", []) as context:
        wanted = {name: value for name, value in context.params.items() if name not in OF_THE_COMMAND}
        return Serving(Run(wanted), **wanted).application()
