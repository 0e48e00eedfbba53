/** The core of LSS: everything between a study and a result, except running the network. */
module dev.lss.core {
  requires transitive dev.lss.api;
  requires com.fasterxml.jackson.databind;
  requires java.desktop;

  exports dev.lss.core;
  exports dev.lss.core.image;
  exports dev.lss.core.inference;
  exports dev.lss.core.model;

  uses dev.lss.spi.InferenceBackend;
  uses dev.lss.spi.ModelProvider;
}
