"""The Lambda entry points: parse the event, call the domain, return."""

import gc

# Nothing that an import makes is garbage: looking for some takes a tenth of it. The container lets it go on.
gc.disable()
