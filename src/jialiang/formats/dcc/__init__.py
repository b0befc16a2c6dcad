"""The digital calibration certificate (DCC) of PTB: written in version 3.3.0, read from 3.0 on."""
