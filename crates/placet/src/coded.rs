//! Enums whose variants have a stable word for machines and a sentence for people.

/// Declares such an enum: `code()` gives the word, `Display` the sentence, `ALL` every variant.
macro_rules! coded {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])+ $variant:ident = $code:literal, $says:literal;)+
        }
    ) => {
        $(#[$meta])*
        ///
        /// `code` is stable and made for machines; `Display` says the same in words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])+ $variant,)+
        }

        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stable kebab-case word.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(match self { $(Self::$variant => $says,)+ })
            }
        }
    };
}

pub(crate) use coded;
