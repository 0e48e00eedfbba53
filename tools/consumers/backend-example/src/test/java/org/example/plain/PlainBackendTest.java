package org.example.plain;

import dev.lss.spi.InferenceBackend;
import dev.lss.testkit.InferenceBackendContract;

/** The contract; this backend opens no files, so there is nothing to write. */
class PlainBackendTest extends InferenceBackendContract {

  @Override
  protected InferenceBackend backend() {
    return new PlainBackend();
  }
}
