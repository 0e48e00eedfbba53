/**
 * The typed API of LSS, the service interface for backends and models, and the network description.
 */
module dev.lss.api {
  requires static org.jspecify;

  exports dev.lss.api;
  exports dev.lss.api.anatomy;
  exports dev.lss.api.image;
  exports dev.lss.api.model;
  exports dev.lss.api.model.network;
  exports dev.lss.spi;
}
