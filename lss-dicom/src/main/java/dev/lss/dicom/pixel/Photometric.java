package dev.lss.dicom.pixel;

import java.util.Optional;

/** What the samples of a pixel mean (PS3.3 C.7.6.3.1.2). */
public enum Photometric {
  /** Grey, the smallest number white. */
  MONOCHROME1(1),
  /** Grey, the smallest number black. */
  MONOCHROME2(1),
  /** An index into a table of colours. */
  PALETTE_COLOR(1),
  RGB(3),
  YBR_FULL(3),
  /** As {@link #YBR_FULL}, two pixels sharing their colour. */
  YBR_FULL_422(3),
  /** RGB once JPEG 2000 was decoded. */
  YBR_ICT(3),
  /** RGB once JPEG 2000 was decoded. */
  YBR_RCT(3);

  private final int samples;

  Photometric(int samples) {
    this.samples = samples;
  }

  /** Returns how many samples a pixel has. */
  int samples() {
    return samples;
  }

  /** Returns whether a pixel is one grey value. */
  public boolean isGrey() {
    return this == MONOCHROME1 || this == MONOCHROME2;
  }

  /** Returns whether the samples are brightness and two colour differences as they are stored. */
  boolean isYbr() {
    return this == YBR_FULL || this == YBR_FULL_422;
  }

  static Optional<Photometric> of(String term) {
    for (Photometric one : values()) {
      if (one.name().equals(term.replace(' ', '_'))) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }
}
