package dev.lss.core.model;

import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.spi.ModelSource;
import java.io.IOException;
import java.util.List;

/**
 * A model that can be run, wherever it comes from: a {@link ModelPackage}, or a results folder of
 * nnU-Net. It was checked when it was opened; no runtime is loaded. Thread-safe; holds no open
 * file.
 */
public interface Model {

  /** Returns what the model says about itself. */
  ModelDescription description();

  /** Returns a SHA-256 over everything that was read, for provenance. */
  String sha256();

  /**
   * Returns what a backend loads for a stage, one source for each fold.
   *
   * @param stage a stage of {@link #description()}
   * @throws IOException when weights cannot be read
   * @throws dev.lss.api.ModelException when weights do not fit the network
   */
  List<ModelSource> sources(Stage stage) throws IOException;
}
