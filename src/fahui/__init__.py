"""Fahui 法惠: the open public legal services platform."""

__version__ = "0.1.0"
