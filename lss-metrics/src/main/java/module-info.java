/** Compares two label maps of one image, and two methods over many cases. */
module dev.lss.metrics {
  requires transitive dev.lss.api;
  requires static org.jspecify;

  exports dev.lss.metrics;
  exports dev.lss.metrics.agreement;
}
