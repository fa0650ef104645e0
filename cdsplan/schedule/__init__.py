"""The schedule: computed dates, floats and paths of a plan."""

from cdsplan.schedule.model import ESTIMATES, INFERRED_LINKS, Schedule, forecast, schedule

__all__ = ["ESTIMATES", "INFERRED_LINKS", "Schedule", "forecast", "schedule"]
