/** Compares two label maps of one image, and two methods over many cases. */
module dev.lss.metrics {
  requires transitive dev.lss.api;
  requires org.apache.commons.numbers.core;
  requires org.apache.commons.numbers.gamma;
  requires org.apache.commons.statistics.distribution;
  requires org.apache.commons.statistics.inference;
  requires static org.jspecify;

  exports dev.lss.metrics;
  exports dev.lss.metrics.agreement;
}
