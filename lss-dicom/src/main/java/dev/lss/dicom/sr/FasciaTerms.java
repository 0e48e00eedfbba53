package dev.lss.dicom.sr;

import dev.lss.api.FasciaMeasurement;
import dev.lss.api.FasciaMeasurement.Thickness;
import dev.lss.api.LengthUnit;
import dev.lss.api.anatomy.CodedConcept;
import dev.lss.api.anatomy.Structure;
import dev.lss.dicom.derived.Anatomy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a report says of a layer of fascia: thickness, length, direction, depth, brightness. */
final class FasciaTerms implements ReportTerms<FasciaMeasurement> {

  /** CID 12304. */
  private static final CodedConcept THICKNESS = new CodedConcept("LN", "59089-3", "Thickness");

  /** CID 7470. */
  private static final CodedConcept LENGTH = Terms.sct("410668003", "Length");

  /** CID 7470. */
  private static final CodedConcept DEPTH = Terms.sct("131197000", "Depth");

  /** CID 7182. */
  private static final CodedConcept ANGLE = Terms.dcm("110859", "Angle");

  /** CID 7469. */
  private static final CodedConcept ECHOGENICITY = Terms.dcm("110849", "Echogenicity");

  /** CID 12303. */
  private static final CodedConcept RATIO = Terms.sct("118586006", "Ratio");

  /** CID 7192. */
  private static final CodedConcept LUMBAR_REGION = Terms.sct("52612000", "Lumbar region");

  /** CID 8134. */
  private static final CodedConcept MUSCLE = Terms.sct("71616004", "Muscle");

  private static final CodedConcept MILLIMETRE = Terms.ucum("mm", "millimeter");
  private static final CodedConcept PIXELS = Terms.ucum("{pixels}", "pixels");
  private static final CodedConcept DEGREE = Terms.ucum("deg", "degree");
  private static final CodedConcept NO_UNITS = Terms.ucum("1", "no units");
  private static final CodedConcept RATIO_UNIT = Terms.ucum("{ratio}", "ratio");

  private static final CodedConcept ALONG_VERTICAL =
      new CodedConcept(Terms.PRIVATE, "along-vertical", "Along the vertical of the image");
  private static final CodedConcept GREY_VALUES =
      new CodedConcept(Terms.PRIVATE, "grey-0-255", "Grey values from 0 to 255");
  private static final CodedConcept TO_MUSCLE_BELOW =
      new CodedConcept(Terms.PRIVATE, "echo-to-muscle", "Mean grey value to the muscle's below");

  @Override
  public Class<FasciaMeasurement> type() {
    return FasciaMeasurement.class;
  }

  /** Layers have the code of fascia; their number is in the name. */
  @Override
  public Anatomy anatomy(FasciaMeasurement layer) {
    CodedConcept type = Anatomy.of(Structure.Fascia.ALL).type();
    return new Anatomy(layer.structure(), layer.structure().displayName(), type, Optional.empty());
  }

  @Override
  public CodedConcept site(FasciaMeasurement layer) {
    return LUMBAR_REGION;
  }

  @Override
  public List<Quantity> quantities(FasciaMeasurement layer) {
    CodedConcept unit = layer.unit() == LengthUnit.MM ? MILLIMETRE : PIXELS;
    Thickness thickness = layer.thickness();
    List<Quantity> all = new ArrayList<>();
    all.add(Quantity.of(THICKNESS, thickness.mean(), unit).derivedAs(Terms.MEAN));
    all.add(Quantity.of(THICKNESS, thickness.sd(), unit).derivedAs(Terms.STANDARD_DEVIATION));
    all.add(Quantity.of(THICKNESS, thickness.median(), unit).derivedAs(Terms.MEDIAN));
    all.add(Quantity.of(THICKNESS, thickness.min(), unit).derivedAs(Terms.MINIMUM));
    all.add(Quantity.of(THICKNESS, thickness.max(), unit).derivedAs(Terms.MAXIMUM));
    all.add(Quantity.of(THICKNESS, thickness.percentile5(), unit).derivedAs(Terms.PERCENTILE_5));
    all.add(Quantity.of(THICKNESS, thickness.percentile95(), unit).derivedAs(Terms.PERCENTILE_95));
    all.add(
        Quantity.of(THICKNESS, thickness.verticalMean(), unit)
            .derivedAs(Terms.MEAN)
            .takenBy(ALONG_VERTICAL));
    all.add(Quantity.of(LENGTH, layer.length(), unit));
    all.add(Quantity.of(ANGLE, layer.angleDeg(), DEGREE));
    all.add(Quantity.of(DEPTH, layer.depth(), unit).derivedAs(Terms.MEAN));
    all.add(
        Quantity.of(ECHOGENICITY, layer.echo().fascia(), NO_UNITS)
            .derivedAs(Terms.MEAN)
            .takenBy(GREY_VALUES));
    Quantity.of(ECHOGENICITY, layer.echo().muscle(), NO_UNITS)
        .map(mean -> mean.derivedAs(Terms.MEAN).takenBy(GREY_VALUES).at(MUSCLE))
        .forEach(all::add);
    Quantity.of(RATIO, layer.echo().ratio(), RATIO_UNIT)
        .map(ratio -> ratio.takenBy(TO_MUSCLE_BELOW))
        .forEach(all::add);
    return all;
  }

  @Override
  public List<String> remarks(FasciaMeasurement layer) {
    return layer.unit() == LengthUnit.MM
        ? List.of()
        : List.of("The scale of the image is not known: lengths are in pixels.");
  }
}
