"""The library held against other software: references that its tests read, checks of what it exports, timings side by side. Each module names what it
needs beside requirements.txt."""
