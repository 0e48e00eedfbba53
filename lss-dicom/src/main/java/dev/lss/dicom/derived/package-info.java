/**
 * What all objects share that are made of a series, segmentations and reports alike: the attributes
 * of patient, study and frame of reference, copied from the series ({@link
 * dev.lss.dicom.derived.SourceHeader}); dates, equipment and identifiers of their own ({@link
 * dev.lss.dicom.derived.NewObject}); which program and model made it ({@link
 * dev.lss.dicom.derived.Algorithm}); and what DICOM calls a structure ({@link
 * dev.lss.dicom.derived.Anatomy}). Depends on {@code data} and {@code series}; never writes a file.
 */
@NullMarked
package dev.lss.dicom.derived;

import org.jspecify.annotations.NullMarked;
