package dev.lss.api;

import java.time.Duration;

/**
 * How long one stage took, as wall time.
 *
 * @param stage name of the stage: localize, preprocess, network, stitch, resample, measure
 * @param elapsed wall time
 */
public record StageTiming(String stage, Duration elapsed) {}
