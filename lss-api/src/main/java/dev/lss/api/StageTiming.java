package dev.lss.api;

import java.time.Duration;

/**
 * How long one stage took, as wall time.
 *
 * @param stage name of the stage: localize, preprocess, network, blend, resample, postprocess,
 *     measure, or one of a task of others
 * @param elapsed wall time
 */
public record StageTiming(String stage, Duration elapsed) {}
