package dev.lss.core.pipeline;

import dev.lss.api.CancellationToken;
import dev.lss.api.ProgressListener;

/**
 * What accompanies one segmentation: its clock, its listener, its off-switch.
 *
 * @param watch adds up the time of the stages
 * @param progress hears how far the work is
 * @param cancellation looked at between tiles
 */
record Run(Stopwatch watch, ProgressListener progress, CancellationToken cancellation) {}
