/**
 * What can be labelled: structures with stable text keys, their codes, and the table that maps
 * label values to them. This package depends on nothing and knows nothing about images or models.
 */
@NullMarked
package dev.lss.api.anatomy;

import org.jspecify.annotations.NullMarked;
