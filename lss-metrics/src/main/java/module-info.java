/** Compares two label maps of one image. */
module dev.lss.metrics {
  requires transitive dev.lss.api;
  requires static org.jspecify;

  exports dev.lss.metrics;
}
