package dev.lss.dicom.sr;

import dev.lss.api.Measurement;
import java.util.List;
import java.util.Optional;

/** Every type of measurement that can be reported. */
final class AllTerms {

  private static final List<ReportTerms<?>> ALL = List.of(new VertebraTerms(), new FasciaTerms());

  private AllTerms() {}

  /** Returns the terms of a measurement; empty when its type cannot be reported. */
  static Optional<ReportTerms<?>> of(Measurement measured) {
    return ALL.stream().filter(terms -> terms.type().isInstance(measured)).findFirst();
  }
}
