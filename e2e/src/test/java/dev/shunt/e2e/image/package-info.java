/** The container image: built as users build it, unpacked, and run without a container engine. */
@NullMarked
package dev.shunt.e2e.image;

import org.jspecify.annotations.NullMarked;
