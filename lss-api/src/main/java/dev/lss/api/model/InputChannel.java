package dev.lss.api.model;

import dev.lss.api.SeriesRole;

/**
 * One image channel of a network. Immutable.
 *
 * @param role the series that fills it
 * @param normalization what is done to its values before resampling
 */
public record InputChannel(SeriesRole role, Normalization normalization) {}
