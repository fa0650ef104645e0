"""The schedule: computed dates, floats and paths of a plan."""

from cdsplan.schedule.model import Schedule, forecast, schedule

__all__ = ["Schedule", "forecast", "schedule"]
