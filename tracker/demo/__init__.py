"""The demo: a believable organisation, served with its worker and an inbox that receives over real SMTP."""

from tracker.demo.run import run

__all__ = ["run"]
