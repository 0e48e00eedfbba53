/**
 * What tests of every module share: the contract that each backend must keep, a slow and plain
 * interpreter of networks to compare with, and the way to the real images. Test code only.
 */
@NullMarked
package dev.lss.testkit;

import org.jspecify.annotations.NullMarked;
