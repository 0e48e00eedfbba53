package dev.lss.dicom.sr;

import dev.lss.api.Measurement;
import dev.lss.api.anatomy.CodedConcept;
import dev.lss.dicom.derived.Anatomy;
import java.util.List;

/**
 * How one type of measurement is said in a report. A new type is one class of these and one line in
 * {@link AllTerms}; types without one are not reported.
 *
 * @param <M> the type
 */
interface ReportTerms<M extends Measurement> {

  Class<M> type();

  /** Returns the numbers that are there, in a fixed order; a number without a value has none. */
  List<Quantity> quantities(M measured);

  /** Returns sentences that a reader of the numbers must know; often none. */
  List<String> remarks(M measured);

  /** Returns what was measured. */
  default Anatomy anatomy(M measured) {
    return Anatomy.of(measured.structure());
  }

  /** Returns where it is; the structure itself where its code says that. */
  default CodedConcept site(M measured) {
    return anatomy(measured).type();
  }
}
