package dev.lss.dicom.data;

import java.util.Optional;

/** Value representations, the types of DICOM (PS3.5 table 6.2-1). */
public enum Vr {
  AE,
  AS,
  AT,
  CS,
  DA,
  DS,
  DT,
  FD,
  FL,
  IS,
  LO,
  LT,
  OB,
  OD,
  OF,
  OL,
  OV,
  OW,
  PN,
  SH,
  SL,
  SQ,
  SS,
  ST,
  SV,
  TM,
  UC,
  UI,
  UL,
  UN,
  UR,
  US,
  UT,
  UV;

  /** Returns the representation of two letters; empty when DICOM has none such. */
  static Optional<Vr> of(int first, int second) {
    for (Vr vr : values()) {
      if (vr.name().charAt(0) == first && vr.name().charAt(1) == second) {
        return Optional.of(vr);
      }
    }
    return Optional.empty();
  }

  /** Returns whether its length has 32 bits after two reserved bytes, in explicit syntaxes. */
  boolean hasLongLength() {
    return switch (this) {
      case OB, OD, OF, OL, OV, OW, SQ, SV, UC, UN, UR, UT, UV -> true;
      default -> false;
    };
  }

  /** Returns whether it is a string of bytes or words that may be cut into fragments. */
  boolean isBulk() {
    return this == OB || this == OW;
  }

  /** Returns how many letters one value of text may have (PS3.5 table 6.2-1). */
  int mostLetters() {
    return switch (this) {
      case AS -> 4;
      case DA -> 8;
      case IS -> 12;
      case AE, CS, DS, SH, TM -> 16;
      case DT -> 26;
      case LO, PN, UI -> 64;
      case ST -> 1024;
      case LT -> 10240;
      default -> Integer.MAX_VALUE;
    };
  }
}
