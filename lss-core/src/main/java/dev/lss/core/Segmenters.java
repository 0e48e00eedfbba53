package dev.lss.core;

/** Builds segmenters. */
public final class Segmenters {

  private Segmenters() {}
}
