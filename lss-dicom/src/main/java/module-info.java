/** DICOM series in: files, pixels, geometry. Segmentations out and in. */
module dev.lss.dicom {
  requires transitive dev.lss.api;
  requires jai.imageio.jpeg2000;
  requires java.desktop;
  requires static org.jspecify;

  exports dev.lss.dicom;
}
