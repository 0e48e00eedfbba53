package dev.lss.api.model;

/** What the output channels of a network mean. */
public enum OutputKind {
  /** One class per channel, channel 0 is background; the largest logit wins. */
  SOFTMAX,
  /** Independent channels; a logit above 0 is a probability above one half. */
  SIGMOID
}
