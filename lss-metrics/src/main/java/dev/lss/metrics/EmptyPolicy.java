package dev.lss.metrics;

/**
 * What Dice and IoU are when a label is in neither map. Published code differs, so the policy is
 * part of every result.
 */
public enum EmptyPolicy {
  /** Not defined: NaN, left out of means and counted. As surface-distance and nnU-Net do. */
  UNDEFINED,
  /** Perfect agreement: 1. As the evaluation code of the VerSe challenge does. */
  PERFECT_WHEN_BOTH_EMPTY
}
