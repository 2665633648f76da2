use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who is signed in, and for which organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// The person, or the owner of the API key.
    pub user: User,
    pub org: Organisation,
    pub role: Role,
    /// Without a password only sign-in links work.
    pub has_password: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct User {
    #[schema(example = "usr_01k9zq3v8efb5rj6m1t0yx7c2d")]
    pub id: String,
    pub email: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Organisation {
    #[schema(example = "org_01k9zq3v8efb5rj6m1t0yx7c2d")]
    pub id: String,
    pub name: String,
}

/// What a member of an organisation may do; each includes the ones after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Owner,
    Admin,
    Member,
    Viewer,
}

/// Either the token of a one-time sign-in link, or e-mail address and password.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum SignIn {
    Link(SignInLink),
    Password(SignInPassword),
}

/// Secrets stay out of logs, whoever formats the request.
impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Link(_) => "SignIn::Link",
            Self::Password(_) => "SignIn::Password",
        })
    }
}

#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_debug_implementations, reason = "holds a secret")]
pub struct SignInLink {
    #[schema(max_length = 200)]
    pub token: String,
}

#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_debug_implementations, reason = "holds a secret")]
pub struct SignInPassword {
    #[schema(max_length = 320)]
    pub email: String,
    #[schema(max_length = 1024, format = Password)]
    pub password: String,
}

#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_debug_implementations, reason = "holds a secret")]
pub struct SetPassword {
    #[schema(min_length = 10, max_length = 128, format = Password)]
    pub password: String,
    /// The password there is now; only a user who has none leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 1024, format = Password)]
    pub current_password: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateKey {
    /// What the key is for, to recognise it later.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// When it stops working; never, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ApiKey {
    #[schema(example = "key_01k9zq3v8efb5rj6m1t0yx7c2d")]
    pub id: String,
    pub name: String,
    /// First characters of the key, to recognise it by.
    #[schema(example = "ck_live_7Hd2")]
    pub start: String,
    #[schema(format = DateTime)]
    pub created_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime)]
    pub last_used_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime)]
    pub expires_at: Option<String>,
}

/// A new key with its secret, which is shown this once.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[expect(missing_debug_implementations, reason = "holds a secret")]
pub struct CreatedKey {
    #[serde(flatten)]
    pub key: ApiKey,
    pub secret: String,
}
