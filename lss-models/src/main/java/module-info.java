/** The reference networks of LSS as a model provider; the weights are CC-BY-SA-4.0. */
module dev.lss.models {
  requires transitive dev.lss.api;
  requires static org.jspecify;

  exports dev.lss.models;

  provides dev.lss.spi.ModelProvider with
      dev.lss.models.BundledModels;
}
