/** Tables and trees of values as text: CSV and JSON. Knows nothing about what they hold. */
@NullMarked
package dev.lss.examples.text;

import org.jspecify.annotations.NullMarked;
