/** Tests of the kernel matrix. */
@NullMarked
package dev.shunt.e2e.verify.kernels;

import org.jspecify.annotations.NullMarked;
