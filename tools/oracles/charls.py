"""Codestreams of CharLS for JpegLsDecoderTest: name, samples, bits, largest error, hexadecimal.

Needs pyjpegls 1.5 and NumPy.
python tools/oracles/charls.py > lss-dicom/src/test/resources/dev/lss/dicom/pixel/jpeg-ls.txt
"""

import jpeg_ls
import numpy

ROWS, COLUMNS = 17, 23


def image(sample: int, bits: int) -> numpy.ndarray:
    """Slopes, a flat part for runs, and a few spikes; JpegLsDecoderTest has the same formula."""
    y, x = numpy.mgrid[0:ROWS, 0:COLUMNS]
    values = (x * (sample + 3) + y * 5) % (1 << min(bits, 7))
    values = numpy.where((x > 6) & (x < 18) & (y > 4), 40 + sample, values)
    values = numpy.where((x * 7 + y * 11) % 29 == 0, (1 << bits) - 1 - sample, values)
    return values.astype("<u1" if bits <= 8 else "<u2")


def main() -> None:
    for bits in (7, 8, 12, 16):
        for error in (0, 2):
            data = jpeg_ls.encode_buffer(image(0, bits).tobytes(), ROWS, COLUMNS, 1, bits, error)
            print(f"grey 1 {bits} {error} {bytes(data).hex()}")
    for interleave, name in enumerate(("planes", "lines", "samples")):
        axis = 0 if interleave == 0 else -1
        pixels = numpy.stack([image(sample, 8) for sample in range(3)], axis)
        for error in (0, 2):
            data = jpeg_ls.encode_buffer(
                numpy.ascontiguousarray(pixels).tobytes(), ROWS, COLUMNS, 3, 8, error, interleave
            )
            print(f"{name} 3 8 {error} {bytes(data).hex()}")


if __name__ == "__main__":
    main()
