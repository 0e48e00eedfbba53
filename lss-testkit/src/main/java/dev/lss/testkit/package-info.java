/**
 * What a backend is tested with: the contract that each must keep, sample networks, and a slow and
 * plain interpreter of networks to compare with; and the way to the real images that the tests of
 * LSS itself look at. For tests alone: it brings JUnit and AssertJ, and nothing that runs depends
 * on it.
 */
@NullMarked
package dev.lss.testkit;

import org.jspecify.annotations.NullMarked;
