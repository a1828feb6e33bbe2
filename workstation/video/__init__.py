"""Cameras: decoding, frame health and the last good frame. Frames are arrays; nothing here knows a screen."""
