package dev.lss.dicom.sr;

import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.CodedConcept;
import java.util.ArrayList;
import java.util.List;

/** What a report says of a vertebra: volume, mean CT number, and that of the body's core. */
final class VertebraTerms implements ReportTerms<VertebraMeasurement> {

  /** CID 7469 and 7181. */
  private static final CodedConcept VOLUME = Terms.sct("118565006", "Volume");

  private static final CodedConcept CUBIC_MILLIMETRE = Terms.ucum("mm3", "cubic millimeter");

  /** CID 7475. */
  private static final CodedConcept SUM_OF_VOXELS =
      Terms.dcm("126030", "Sum of segmented voxel method for volume");

  /** CID 7469 and 7181. */
  private static final CodedConcept ATTENUATION = Terms.dcm("112031", "Attenuation Coefficient");

  private static final CodedConcept HOUNSFIELD = Terms.ucum("[hnsf'U]", "Hounsfield unit");

  private static final CodedConcept VERTEBRAL_BODY = Terms.sct("3572006", "Vertebral body");

  private static final CodedConcept CORE_OF_BODY =
      new CodedConcept(Terms.PRIVATE, "body-core", "Inner part of the vertebral body");

  @Override
  public Class<VertebraMeasurement> type() {
    return VertebraMeasurement.class;
  }

  @Override
  public List<Quantity> quantities(VertebraMeasurement vertebra) {
    List<Quantity> all = new ArrayList<>();
    all.add(Quantity.of(VOLUME, vertebra.volumeMm3(), CUBIC_MILLIMETRE).takenBy(SUM_OF_VOXELS));
    Quantity.of(ATTENUATION, vertebra.meanHu(), HOUNSFIELD)
        .map(mean -> mean.derivedAs(Terms.MEAN))
        .forEach(all::add);
    Quantity.of(ATTENUATION, vertebra.bodyMeanHu(), HOUNSFIELD)
        .map(mean -> mean.derivedAs(Terms.MEAN).takenBy(CORE_OF_BODY).at(VERTEBRAL_BODY))
        .forEach(all::add);
    return all;
  }

  @Override
  public List<String> remarks(VertebraMeasurement vertebra) {
    List<String> all = new ArrayList<>();
    if (vertebra.touchesBorder()) {
      all.add("It touches the border of the images: all numbers are of the part in view.");
    }
    if (vertebra.holdsMetal()) {
      all.add("It holds metal or cement: its outline and its CT numbers are unreliable.");
    }
    return all;
  }
}
