package dev.lss.core.stage;

import dev.lss.spi.WorkingMemory;
import java.util.List;

/** Adds up what networks take that run one after the other. */
final class WorkingMemories {

  private WorkingMemories() {}

  /** Returns the sum of what is kept and the most of what is given back. */
  static long bytes(List<WorkingMemory> networks) {
    long kept = 0;
    long passing = 0;
    for (WorkingMemory network : networks) {
      if (network.kept()) {
        kept += network.bytes();
      } else {
        passing = Math.max(passing, network.bytes());
      }
    }
    return kept + passing;
  }
}
