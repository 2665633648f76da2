use clx_store::rows::{org, session, sign_in_link, user};
use clx_store::{ConnectionTrait, OrgId};

use crate::accounts::parse;
use crate::{
    Accounts, AccountsError, Caller, Org, PasswordChange, Role, Secret, Session, SignedIn, User,
    Via, token,
};

const DAY_MS: i64 = 24 * 3_600_000;
/// A session in use is written at most this often.
const PROLONG_EVERY_MS: i64 = 3_600_000;
const PASSWORD_LETTERS: std::ops::RangeInclusive<usize> = 10..=128;

impl Accounts {
    /// Uses a one-time sign-in link up.
    ///
    /// # Errors
    /// [`AccountsError::Unauthenticated`].
    pub async fn sign_in_with_link(&self, link: &str) -> Result<SignedIn, AccountsError> {
        let now = self.clock.now_ms();
        let tx = self.store.begin().await?;
        let found = sign_in_link::redeem(&tx, &token::digest(link), now).await?;
        let found = found.ok_or(AccountsError::Unauthenticated)?;
        let owner =
            user::find(&*tx, &found.user_id).await?.ok_or(AccountsError::Unauthenticated)?;
        let signed_in = self.start_session(&*tx, owner, now).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// # Errors
    /// [`AccountsError::Unauthenticated`], [`AccountsError::Busy`].
    pub async fn sign_in_with_password(
        &self,
        email: &str,
        password: &str,
    ) -> Result<SignedIn, AccountsError> {
        let found = user::find_by_email(self.store.read(), &email.trim().to_lowercase()).await?;
        let stored = found.as_ref().and_then(|user| user.password_hash.clone());
        let matches = is_hashable(password) && self.passwords.verify(password, stored).await?;
        let found = found.filter(|_| matches).ok_or(AccountsError::Unauthenticated)?;
        let tx = self.store.begin().await?;
        let signed_in = self.start_session(&*tx, found, self.clock.now_ms()).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// The caller whose cookie this is; prolongs the session.
    ///
    /// # Errors
    /// [`AccountsError::Unauthenticated`].
    pub async fn authenticate_session(&self, cookie: &str) -> Result<Caller, AccountsError> {
        let now = self.clock.now_ms();
        let hash = token::digest(cookie);
        let found = session::find(self.store.read(), &hash, now).await?;
        let found = found.ok_or(AccountsError::Unauthenticated)?;
        let user = user::find(self.store.read(), &found.user_id).await?;
        let user = user.ok_or(AccountsError::Unauthenticated)?;
        if now - found.last_used_at > PROLONG_EVERY_MS {
            let tx = self.store.begin().await?;
            session::prolong(&*tx, &hash, now, now + self.session_ms()).await?;
            tx.commit().await?;
        }
        caller_of(&user, Via::Session)
    }

    /// Who the caller is.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`] if the user is gone.
    pub async fn session(&self, caller: &Caller) -> Result<Session, AccountsError> {
        let found = user::find(self.store.read(), caller.user.as_str()).await?;
        let found = found.ok_or(AccountsError::NotFound("user"))?;
        session_of(self.store.read(), found).await
    }

    /// Ends the session of this cookie; unknown cookies are fine.
    ///
    /// # Errors
    /// [`AccountsError::Store`].
    pub async fn sign_out(&self, cookie: &str) -> Result<(), AccountsError> {
        let tx = self.store.begin().await?;
        session::delete(&*tx, &token::digest(cookie)).await?;
        Ok(tx.commit().await?)
    }

    /// Sets the caller's password, 10 to 128 characters, voids their sign-in links and ends their
    /// other sessions; the one of `cookie` stays.
    ///
    /// # Errors
    /// [`AccountsError::NeedsSession`] with a key, [`AccountsError::Invalid`] also for a current
    /// password that is missing or wrong, [`AccountsError::Busy`].
    pub async fn set_password(
        &self,
        caller: &Caller,
        cookie: &str,
        change: PasswordChange,
    ) -> Result<(), AccountsError> {
        caller.require_session()?;
        check_password(&change.password)?;
        self.check_current(caller, change.current).await?;
        let hash = self.passwords.hash(&change.password).await?;
        let tx = self.store.begin().await?;
        user::set_password(&*tx, &caller.user, &hash).await?;
        sign_in_link::delete_of_user(&*tx, &caller.user).await?;
        session::delete_of_user(&*tx, &caller.user, Some(&token::digest(cookie))).await?;
        Ok(tx.commit().await?)
    }

    /// Whoever finds a browser signed in must not be able to lock its owner out.
    async fn check_current(
        &self,
        caller: &Caller,
        current: Option<String>,
    ) -> Result<(), AccountsError> {
        let found = user::find(self.store.read(), caller.user.as_str()).await?;
        let Some(stored) = found.ok_or(AccountsError::NotFound("user"))?.password_hash else {
            return Ok(());
        };
        let wrong = |message: &str| AccountsError::Invalid {
            field: "current_password",
            message: message.to_owned(),
        };
        let current = current.ok_or_else(|| wrong("is needed to change the password"))?;
        match is_hashable(&current) && self.passwords.verify(&current, Some(stored)).await? {
            true => Ok(()),
            false => Err(wrong("is not the password there is now")),
        }
    }

    fn session_ms(&self) -> i64 {
        i64::from(self.config.session_days) * DAY_MS
    }

    async fn start_session(
        &self,
        db: &impl ConnectionTrait,
        user: user::Model,
        now: i64,
    ) -> Result<SignedIn, AccountsError> {
        let cookie = token::random_token();
        let row = session::Model {
            token_hash: token::digest(&cookie),
            org_id: user.org_id.clone(),
            user_id: user.id.clone(),
            created_at: now,
            last_used_at: now,
            expires_at: now + self.session_ms(),
        };
        session::insert(db, row).await?;
        Ok(SignedIn {
            session: session_of(db, user).await?,
            cookie: Secret::new(cookie),
            max_age_s: self.session_ms() / 1000,
        })
    }
}

fn check_password(password: &str) -> Result<(), AccountsError> {
    let letters = password.chars().count();
    if PASSWORD_LETTERS.contains(&letters) {
        return Ok(());
    }
    let (min, max) = (PASSWORD_LETTERS.start(), PASSWORD_LETTERS.end());
    let message = format!("needs {min} to {max} characters, got {letters}");
    Err(AccountsError::Invalid { field: "password", message })
}

/// No password is longer than this, and hashing a huge one would cost us.
fn is_hashable(password: &str) -> bool {
    password.len() <= 4 * PASSWORD_LETTERS.end()
}

async fn session_of(
    db: &impl ConnectionTrait,
    user: user::Model,
) -> Result<Session, AccountsError> {
    let org_id: OrgId = parse("organisation", &user.org_id)?;
    let org = org::find(db, &org_id).await?.ok_or(AccountsError::NotFound("organisation"))?;
    Ok(Session {
        role: role_of(&user)?,
        has_password: user.password_hash.is_some(),
        user: User { id: parse("user", &user.id)?, email: user.email, name: user.name },
        org: Org { id: org_id, name: org.name },
    })
}

pub(crate) fn caller_of(user: &user::Model, via: Via) -> Result<Caller, AccountsError> {
    Ok(Caller {
        org: parse("organisation", &user.org_id)?,
        user: parse("user", &user.id)?,
        role: role_of(user)?,
        via,
    })
}

fn role_of(user: &user::Model) -> Result<Role, AccountsError> {
    Role::from_name(&user.role).ok_or_else(|| {
        let message = "its role is unknown to this version".to_owned();
        AccountsError::Store(clx_store::StoreError::Corrupt { noun: "user", message })
    })
}
