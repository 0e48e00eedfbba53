package dev.lss.dicom.derived;

import dev.lss.dicom.data.NewDataSet;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.data.Uids;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What is new in an object that is made of a series: its identifiers, its own series, the time and
 * the equipment. Immutable.
 *
 * @param sopClassUid what kind of object it is
 * @param sopInstanceUid its identifier
 * @param seriesInstanceUid identifier of its series, in which it is alone
 * @param made when, in the local time of the machine
 */
public record NewObject(
    String sopClassUid, String sopInstanceUid, String seriesInstanceUid, LocalDateTime made) {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT);

  /** Returns one with identifiers that nobody has had. */
  public static NewObject of(String sopClassUid, LocalDateTime made) {
    return new NewObject(sopClassUid, Uids.random(), Uids.random(), made);
  }

  /**
   * Sets the attributes of SOP Common, General Series, General and Enhanced General Equipment.
   *
   * @param modality {@code SEG} or {@code SR}
   * @param seriesNumber number of its series
   * @param description what the series is called
   */
  public void putInto(
      NewDataSet data, String modality, int seriesNumber, String description, Algorithm algorithm) {
    String date = DATE.format(made);
    String time = TIME.format(made);
    data.text(Tag.INSTANCE_CREATION_DATE, date)
        .text(Tag.INSTANCE_CREATION_TIME, time)
        .text(Tag.SOP_CLASS_UID, sopClassUid)
        .text(Tag.SOP_INSTANCE_UID, sopInstanceUid)
        .text(Tag.SERIES_DATE, date)
        .text(Tag.SERIES_TIME, time)
        .text(Tag.CONTENT_DATE, date)
        .text(Tag.CONTENT_TIME, time)
        .text(Tag.MODALITY, modality)
        .text(Tag.SERIES_INSTANCE_UID, seriesInstanceUid)
        .integers(Tag.SERIES_NUMBER, seriesNumber)
        .text(Tag.SERIES_DESCRIPTION, NewDataSet.fitting(Tag.SERIES_DESCRIPTION, description))
        .integers(Tag.INSTANCE_NUMBER, 1)
        .text(Tag.MANUFACTURER, "LSS")
        .text(Tag.MANUFACTURER_MODEL_NAME, "Lumbar spine segmentation")
        .text(Tag.DEVICE_SERIAL_NUMBER, "0")
        .text(Tag.SOFTWARE_VERSIONS, algorithm.software().toArray(String[]::new));
  }
}
