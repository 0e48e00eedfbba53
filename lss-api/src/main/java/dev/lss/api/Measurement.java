package dev.lss.api;

import dev.lss.api.anatomy.Structure;

/**
 * What was measured on one structure. Tasks of others bring types of their own; whoever reads a
 * result asks for the types that it knows, {@link Measurements#of}.
 */
public interface Measurement {

  /** Returns what was measured. */
  Structure structure();
}
